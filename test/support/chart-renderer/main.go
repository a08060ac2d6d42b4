// Renders a Helm chart with Go's template engine and sprig, as Helm does: chart folder, release and namespace as
// arguments, values as JSON on standard input, {template: text} as JSON on standard output.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"sigs.k8s.io/yaml"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	chartDir, release, namespace := os.Args[1], os.Args[2], os.Args[3]
	var values, chart map[string]interface{}
	must(json.NewDecoder(os.Stdin).Decode(&values))
	manifest, err := os.ReadFile(filepath.Join(chartDir, "Chart.yaml"))
	must(err)
	must(yaml.Unmarshal(manifest, &chart))
	// Helm gives templates the fields of Chart.yaml with a capital first letter.
	fields := map[string]interface{}{}
	for name, value := range chart {
		fields[strings.ToUpper(name[:1])+name[1:]] = value
	}

	set := template.New("chart").Option("missingkey=zero")
	functions := sprig.TxtFuncMap()
	delete(functions, "env")
	delete(functions, "expandenv")
	functions["toYaml"] = func(value interface{}) (string, error) {
		text, err := yaml.Marshal(value)
		return strings.TrimSuffix(string(text), "\n"), err
	}
	functions["include"] = func(name string, data interface{}) (string, error) {
		var out strings.Builder
		err := set.ExecuteTemplate(&out, name, data)
		return out.String(), err
	}
	functions["required"] = func(message string, value interface{}) (interface{}, error) {
		if value == nil || value == "" {
			return nil, fmt.Errorf("%s", message)
		}
		return value, nil
	}
	set.Funcs(functions)

	files, err := filepath.Glob(filepath.Join(chartDir, "templates", "*"))
	must(err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		must(err)
		_, err = set.New(filepath.Base(file)).Parse(string(text))
		must(err)
	}
	data := map[string]interface{}{
		"Values":  values,
		"Chart":   fields,
		"Release": map[string]interface{}{"Name": release, "Namespace": namespace, "Service": "Helm"},
	}
	rendered := map[string]string{}
	for _, file := range files {
		name := filepath.Base(file)
		if strings.HasPrefix(name, "_") {
			continue
		}
		var out strings.Builder
		must(set.ExecuteTemplate(&out, name, data))
		rendered[name] = out.String()
	}
	must(json.NewEncoder(os.Stdout).Encode(rendered))
}
