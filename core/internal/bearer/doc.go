// Package bearer holds the domain values of a network session library: what a
// configuration is, which states it can be in, and a registry that compares
// what was known with what is reported and says what changed.
//
// The numbers of the enumerations are those of QNetworkConfiguration in Qt 5,
// so that they can cross the C interface without translation.
//
// Everything here is pure: no goroutine, no system call, no clock.
package bearer
