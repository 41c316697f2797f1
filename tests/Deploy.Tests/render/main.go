// Renders a Helm chart with the libraries that Helm itself is made of: Go's templates, sprig, sigs.k8s.io/yaml and gojsonschema.
// A test tool for machines without helm, and no more than `helm template` of a chart without dependencies:
//
//	render [--release NAME] [--namespace NAME] [--kube-version V] CHART [VALUES.yaml ...]
//
// Later files win. Exit code 1 and the reason when the values are refused or a template fails.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	release := flag.String("release", "forewarn", "name of the release")
	namespace := flag.String("namespace", "forewarn", "namespace of the release")
	kube := flag.String("kube-version", "v1.31.0", "version of the cluster that is imagined")
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(flag.Arg(0), flag.Args()[1:], *release, *namespace, *kube); err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

func run(folder string, valueFiles []string, release, namespace, kube string) error {
	chart, err := loadChart(folder)
	if err != nil {
		return err
	}
	if err := chart.checkKubeVersion(kube); err != nil {
		return err
	}
	values, err := chart.valuesWith(valueFiles)
	if err != nil {
		return err
	}
	if err := chart.validate(values); err != nil {
		return err
	}
	manifests, err := chart.render(map[string]interface{}{
		"Values":       values,
		"Chart":        chart.metadata,
		"Files":        chart.files,
		"Capabilities": capabilities(kube),
		"Release": map[string]interface{}{
			"Name": release, "Namespace": namespace, "Service": "Helm", "Revision": 1, "IsInstall": true, "IsUpgrade": false,
		},
	})
	if err != nil {
		return err
	}
	for _, manifest := range manifests {
		fmt.Printf("---\n# Source: %s\n%s\n", manifest.source, manifest.text)
	}
	return nil
}
