// alloyfmt reads a configuration of Grafana Alloy from standard input and writes it as Alloy's own formatter does.
// It ends with 1, and says line and reason, where Alloy's parser doesn't take it. It knows the language, not the blocks.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"github.com/grafana/alloy/syntax/parser"
	"github.com/grafana/alloy/syntax/printer"
)

var version = "development"

func main() {
	if len(os.Args) > 1 && os.Args[1] == "--version" {
		fmt.Println("alloyfmt", version)
		return
	}
	if err := format(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func format(in io.Reader, out io.Writer) error {
	text, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	file, err := parser.ParseFile("standard input", text)
	if err != nil {
		return err
	}
	var written bytes.Buffer
	if err := printer.Fprint(&written, file); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, written.String())
	return err
}
