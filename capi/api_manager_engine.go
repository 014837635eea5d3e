package main

import "github.com/netsession/netsession/core/host"

// engines holds the engines of the process: one for each set of options.
var engines = host.Pool{Descriptors: descriptors{}, NewPublisher: newSnapshot}
