package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"sigs.k8s.io/yaml"
)

type manifest struct{ source, text string }

// deepest is how far templates may include themselves, as in Helm.
const deepest = 1000

func (c *chart) render(context map[string]interface{}) ([]manifest, error) {
	root := template.New("chart").Option("missingkey=zero")
	c.addFunctions(root, context)
	names := make([]string, 0, len(c.templates))
	for name := range c.templates {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if _, err := root.New(c.sourceOf(name)).Parse(c.templates[name]); err != nil {
			return nil, err
		}
	}
	var rendered []manifest
	for _, name := range names {
		if base := path.Base(name); strings.HasPrefix(base, "_") || base == "NOTES.txt" {
			continue
		}
		text, err := c.execute(root, c.sourceOf(name), context)
		if err != nil {
			return nil, err
		}
		if strings.TrimSpace(text) != "" {
			rendered = append(rendered, manifest{c.sourceOf(name), text})
		}
	}
	// Notes are for people, but a mistake in them fails an installation.
	if _, has := c.templates["templates/NOTES.txt"]; has {
		if _, err := c.execute(root, c.sourceOf("templates/NOTES.txt"), context); err != nil {
			return nil, err
		}
	}
	return rendered, nil
}

func (c *chart) sourceOf(name string) string { return c.name + "/" + name }

func (c *chart) execute(root *template.Template, name string, context map[string]interface{}) (string, error) {
	own := map[string]interface{}{"Template": map[string]interface{}{"Name": name, "BasePath": c.name + "/templates"}}
	for key, value := range context {
		own[key] = value
	}
	var text bytes.Buffer
	if err := root.ExecuteTemplate(&text, name, own); err != nil {
		return "", err
	}
	// With missingkey=zero an absent value prints so; Helm takes it out.
	return strings.ReplaceAll(text.String(), "<no value>", ""), nil
}

func (c *chart) addFunctions(root *template.Template, context map[string]interface{}) {
	functions := sprig.TxtFuncMap()
	// What would make a chart depend on the machine that renders it is not there in Helm.
	delete(functions, "env")
	delete(functions, "expandenv")
	depth := map[string]int{}
	include := func(name string, data interface{}) (string, error) {
		if depth[name]++; depth[name] > deepest {
			return "", fmt.Errorf("rendering template has a nested reference name: %s", name)
		}
		defer func() { depth[name]-- }()
		var text bytes.Buffer
		err := root.ExecuteTemplate(&text, name, data)
		return text.String(), err
	}
	own := template.FuncMap{
		"include":       include,
		"tpl":           func(text string, data interface{}) (string, error) { return inline(root, text, data) },
		"required":      required,
		"fail":          func(message string) (string, error) { return "", errors.New(message) },
		"lookup":        func(string, string, string, string) map[string]interface{} { return map[string]interface{}{} },
		"toYaml":        toYaml,
		"fromYaml":      fromYaml,
		"fromYamlArray": fromYamlArray,
		"toJson":        toJson,
		"fromJson":      fromJson,
	}
	for name, function := range own {
		functions[name] = function
	}
	root.Funcs(functions)
}

func inline(root *template.Template, text string, data interface{}) (string, error) {
	clone, err := root.Clone()
	if err != nil {
		return "", err
	}
	parsed, err := clone.New("tpl").Parse(text)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	err = parsed.Execute(&out, data)
	return strings.ReplaceAll(out.String(), "<no value>", ""), err
}

func required(message string, value interface{}) (interface{}, error) {
	if text, isText := value.(string); value == nil || isText && text == "" {
		return value, errors.New(message)
	}
	return value, nil
}

func toYaml(value interface{}) string {
	text, err := yaml.Marshal(value)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(string(text), "\n")
}

// Helm answers a mistake with a map that holds it.
func fromYaml(text string) map[string]interface{} {
	value := map[string]interface{}{}
	if err := yaml.Unmarshal([]byte(text), &value); err != nil {
		value["Error"] = err.Error()
	}
	return value
}

func fromYamlArray(text string) []interface{} {
	value := []interface{}{}
	if err := yaml.Unmarshal([]byte(text), &value); err != nil {
		value = []interface{}{err.Error()}
	}
	return value
}

func toJson(value interface{}) string {
	text, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(text)
}

func fromJson(text string) map[string]interface{} {
	value := map[string]interface{}{}
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		value["Error"] = err.Error()
	}
	return value
}
