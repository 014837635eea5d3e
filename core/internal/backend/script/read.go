package script

import (
	"fmt"
	"io"
	"os"
	"syscall"
)

// maxFile bounds the size of a script in bytes. It is far above what people
// write, and keeps New from parsing an unrelated file for minutes.
const maxFile = 8 << 20

// read returns the text of a script. It opens regular files only: a pipe would
// block.
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
	return fmt.Errorf("the script cannot be read: %w", err)
}
