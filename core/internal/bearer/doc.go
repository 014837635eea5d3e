// Package bearer has the domain values of the library: what a configuration is,
// its states, and a registry that compares reports with the known state and
// computes the difference.
//
// The numbers of the enumerations are equal to QNetworkConfiguration in Qt 5,
// so that they cross the C interface without translation.
//
// The package is pure: no goroutine, no system call, no clock.
package bearer
