package main

import "strings"

// versionSet is `.Capabilities.APIVersions` of a cluster that is not there: what Helm assumes when it only renders.
type versionSet []string

func (v versionSet) Has(version string) bool {
	for _, known := range v {
		if known == version {
			return true
		}
	}
	return false
}

type kubeVersion struct{ Version, Major, Minor, GitVersion string }

func (k kubeVersion) String() string { return k.Version }

func capabilities(kube string) map[string]interface{} {
	parts := strings.Split(strings.TrimPrefix(kube, "v"), ".")
	return map[string]interface{}{
		"KubeVersion": kubeVersion{kube, parts[0], parts[1], kube},
		"APIVersions": versionSet{
			"v1", "apps/v1", "batch/v1", "autoscaling/v2", "policy/v1", "networking.k8s.io/v1",
		},
		"HelmVersion": map[string]interface{}{"Version": "v3.17.0"},
	}
}
