module github.com/netsession/netsession

go 1.19
