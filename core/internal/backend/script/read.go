package script

import (
	"fmt"
	"io"
	"os"
	"syscall"
)

// maxFile bounds a script, in bytes. It is far above any that a person writes,
// and keeps a file that is none from being read for minutes.
const maxFile = 8 << 20

// read returns the text of a script. Something that is not a file is not
// opened: a pipe would wait for its writer.
func read(path string) (string, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = &os.PathError{Op: "read", Path: path, Err: notRegular(info)}
	}
	if err != nil {
		return "", unreadable(err)
	}
	f, err := os.Open(path)
	if err != nil {
		return "", unreadable(err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return "", unreadable(err)
	}
	if len(text) > maxFile {
		return "", &SyntaxError{File: path, Text: fmt.Sprintf("The file is too large; expected a script of at most %d bytes.", maxFile)}
	}
	return string(text), nil
}

func notRegular(info os.FileInfo) error {
	if info.IsDir() {
		return syscall.EISDIR
	}
	return syscall.EINVAL
}

func unreadable(err error) error {
	return fmt.Errorf("The script cannot be read: %w.", err)
}
