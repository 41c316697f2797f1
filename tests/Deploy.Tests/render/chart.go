package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"

	"github.com/Masterminds/semver"
	"github.com/xeipuuv/gojsonschema"
	"sigs.k8s.io/yaml"
)

// chart is what a chart's folder holds.
type chart struct {
	name      string
	metadata  map[string]interface{}
	values    map[string]interface{}
	schema    []byte
	templates map[string]string
	files     files
}

// files is `.Files`: everything that is neither template nor part of the chart's own description.
type files map[string][]byte

func (f files) Get(name string) string { return string(f[name]) }

func (f files) GetBytes(name string) []byte { return f[name] }

func (f files) Lines(name string) []string {
	return strings.Split(strings.TrimSuffix(string(f[name]), "\n"), "\n")
}

func (f files) Glob(pattern string) files {
	found := files{}
	for name, content := range f {
		if match, err := path.Match(pattern, name); err == nil && match {
			found[name] = content
		}
	}
	return found
}

func (f files) AsConfig() string {
	data := map[string]string{}
	for name, content := range f {
		data[path.Base(name)] = string(content)
	}
	return toYaml(data)
}

func loadChart(folder string) (*chart, error) {
	c := &chart{templates: map[string]string{}, files: files{}}
	err := filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(folder, name)
		if err != nil {
			return err
		}
		return c.take(filepath.ToSlash(relative), content)
	})
	if err != nil {
		return nil, err
	}
	if c.metadata == nil {
		return nil, fmt.Errorf("%s has no Chart.yaml", folder)
	}
	return c, nil
}

func (c *chart) take(name string, content []byte) error {
	switch {
	case name == "Chart.yaml":
		raw := map[string]interface{}{}
		if err := yaml.UnmarshalStrict(content, &raw); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		c.name, _ = raw["name"].(string)
		// As Helm's own struct has it: .Chart.AppVersion, not .Chart.appVersion.
		c.metadata = map[string]interface{}{}
		for key, value := range raw {
			c.metadata[strings.ToUpper(key[:1])+key[1:]] = value
		}
	case name == "values.yaml":
		if err := yaml.UnmarshalStrict(content, &c.values); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	case name == "values.schema.json":
		c.schema = content
	case strings.HasPrefix(name, "templates/"):
		c.templates[name] = string(content)
	case name == ".helmignore":
	default:
		c.files[name] = content
	}
	return nil
}

func (c *chart) checkKubeVersion(kube string) error {
	wanted, _ := c.metadata["KubeVersion"].(string)
	if wanted == "" {
		return nil
	}
	constraint, err := semver.NewConstraint(wanted)
	if err != nil {
		return fmt.Errorf("kubeVersion: %w", err)
	}
	version, err := semver.NewVersion(kube)
	if err != nil {
		return err
	}
	if !constraint.Check(version) {
		return fmt.Errorf("chart requires kubeVersion: %s which is incompatible with Kubernetes %s", wanted, kube)
	}
	return nil
}

// valuesWith lays files over the chart's own values; null takes a key away.
func (c *chart) valuesWith(names []string) (map[string]interface{}, error) {
	over := map[string]interface{}{}
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		next := map[string]interface{}{}
		if err := yaml.UnmarshalStrict(content, &next); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		lay(over, next, false)
	}
	values := map[string]interface{}{}
	lay(values, c.values, false)
	lay(values, over, true)
	return values, nil
}

func lay(under, over map[string]interface{}, dropNull bool) {
	for key, value := range over {
		if value == nil && dropNull {
			delete(under, key)
			continue
		}
		table, isTable := value.(map[string]interface{})
		if !isTable {
			under[key] = value
			continue
		}
		below, hasTable := under[key].(map[string]interface{})
		if !hasTable {
			below = map[string]interface{}{}
		}
		lay(below, table, dropNull)
		under[key] = below
	}
}

func (c *chart) validate(values map[string]interface{}) error {
	if c.schema == nil {
		return nil
	}
	result, err := gojsonschema.Validate(gojsonschema.NewBytesLoader(c.schema), gojsonschema.NewGoLoader(values))
	if err != nil {
		return fmt.Errorf("values.schema.json: %w", err)
	}
	if result.Valid() {
		return nil
	}
	reasons := []string{}
	for _, reason := range result.Errors() {
		reasons = append(reasons, "- "+reason.String())
	}
	sort.Strings(reasons)
	return fmt.Errorf("values don't meet the specifications of the schema:\n%s", strings.Join(reasons, "\n"))
}
