// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A Node as the kubelet of a cloud registers it: 50 images, 8 conditions, 35 labels. As the server
 * sends it, with the managedFields that it adds, it has 20 KB.
 */
public final class NodeTemplate {
  public static final String GROUP = "bench.example.com/group";
  public static final String TAINT = "nodeqos.io/warming-up";

  private static final int IMAGES = 50;
  private static final String SERVICE =
      "mirror-1.registry.region-1.cloud.inner.example.com/platform/service";
  private static final List<String> FEATURES =
      List.of(
          "cpu-cpuid.ADX",
          "cpu-cpuid.AESNI",
          "cpu-cpuid.AVX",
          "cpu-cpuid.AVX2",
          "cpu-cpuid.AVX512F",
          "cpu-cpuid.AVX512VNNI",
          "cpu-cpuid.FMA3",
          "cpu-cpuid.SHA",
          "cpu-cpuid.VAES",
          "cpu-hardware_multithreading",
          "cpu-model.family",
          "cpu-model.id",
          "cpu-model.vendor_id",
          "kernel-config.NO_HZ",
          "kernel-version.full",
          "kernel-version.major",
          "kernel-version.minor",
          "memory-numa",
          "network-sriov.capable",
          "pci-1d0f.present",
          "storage-nonrotationaldisk",
          "system-os_release.ID",
          "system-os_release.VERSION_ID");
  private static final List<String> PROBLEMS =
      List.of(
          "KernelDeadlock",
          "ReadonlyFilesystem",
          "FrequentKubeletRestart",
          "CorruptDockerOverlay2");
  private static final List<String> PRESSURES =
      List.of("MemoryPressure", "DiskPressure", "PIDPressure");

  private NodeTemplate() {}

  public static String json(String name, String group, boolean ready) {
    return """
        {"apiVersion": "v1", "kind": "Node",
         "metadata": {"name": "%1$s", "labels": {%2$s}, "annotations": {
           "alpha.kubernetes.io/provided-node-ip": "10.0.13.7",
           "csi.volume.kubernetes.io/nodeid": "{\\"csi.example.com\\":\\"i-0a1b2c3d4e5f60718\\"}",
           "node.alpha.kubernetes.io/ttl": "0",
           "volumes.kubernetes.io/controller-managed-attach-detach": "true"}},
         "spec": {"podCIDR": "10.244.3.0/24", "podCIDRs": ["10.244.3.0/24"],
           "providerID": "example:///region-1a/%1$s",
           "taints": [{"key": "%3$s", "effect": "NoSchedule"}]},
         "status": {
           "addresses": [{"type": "InternalIP", "address": "10.0.13.7"},
             {"type": "InternalDNS", "address": "%1$s.region-1.internal"},
             {"type": "Hostname", "address": "%1$s"}],
           "capacity": {"cpu": "16", "memory": "65536Mi", "ephemeral-storage": "104845292Ki",
             "hugepages-1Gi": "0", "hugepages-2Mi": "0", "pods": "110"},
           "allocatable": {"cpu": "15890m", "memory": "62000Mi",
             "ephemeral-storage": "95551679124", "hugepages-1Gi": "0", "hugepages-2Mi": "0",
             "pods": "110"},
           "conditions": [%4$s],
           "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
           "images": [%5$s],
           "nodeInfo": {"architecture": "amd64", "bootID": "5f0c2b1e-%1$s",
             "containerRuntimeVersion": "containerd://2.1.4", "kernelVersion": "6.12.40-cloud",
             "kubeProxyVersion": "", "kubeletVersion": "v1.37.2",
             "machineID": "ec2d41ac0bd84f0c8dbd6f6e0ad5a9f3", "operatingSystem": "linux",
             "osImage": "Debian GNU/Linux 13", "systemUUID": "ec2d41ac-0bd8-4f0c-8dbd-6f6e0ad5a9f3"}}}
        """
        .formatted(name, labels(name, group), TAINT, conditions(ready, "10:00:00"), images());
  }

  /** What a kubelet sends when its node has become ready, or when nothing has changed at all. */
  static String status(boolean ready, String time) {
    return "{\"status\": {\"conditions\": [" + conditions(ready, time) + "]}}";
  }

  /** A heartbeat, from which the server makes another object with the same content. */
  static String heartbeat(int number) {
    return status(
        true,
        String.format(
            Locale.ROOT, "%02d:%02d:%02d", 11 + number / 3600 % 12, number / 60 % 60, number % 60));
  }

  private static String labels(String name, String group) {
    List<String> labels = new ArrayList<>();
    labels.add(pair(GROUP, group));
    labels.add(pair("beta.kubernetes.io/arch", "amd64"));
    labels.add(pair("beta.kubernetes.io/instance-type", "m7i.4xlarge"));
    labels.add(pair("beta.kubernetes.io/os", "linux"));
    labels.add(pair("failure-domain.beta.kubernetes.io/region", "region-1"));
    labels.add(pair("failure-domain.beta.kubernetes.io/zone", "region-1a"));
    labels.add(pair("kubernetes.io/arch", "amd64"));
    labels.add(pair("kubernetes.io/hostname", name));
    labels.add(pair("kubernetes.io/os", "linux"));
    labels.add(pair("node.kubernetes.io/instance-type", "m7i.4xlarge"));
    labels.add(pair("topology.kubernetes.io/region", "region-1"));
    labels.add(pair("topology.kubernetes.io/zone", "region-1a"));
    FEATURES.forEach(feature -> labels.add(pair("feature.node.kubernetes.io/" + feature, "true")));
    return String.join(", ", labels);
  }

  private static String pair(String key, String value) {
    return "\"" + key + "\": \"" + value + "\"";
  }

  private static String conditions(boolean ready, String time) {
    List<String> all = new ArrayList<>();
    PROBLEMS.forEach(
        type ->
            all.add(condition(type, "False", "No" + type, "node is functioning properly", time)));
    PRESSURES.forEach(
        type ->
            all.add(
                condition(type, "False", "KubeletHasNo" + type, "kubelet has no " + type, time)));
    all.add(
        ready
            ? condition("Ready", "True", "KubeletReady", "kubelet is posting ready status", time)
            : condition(
                "Ready",
                "False",
                "KubeletNotReady",
                "container runtime network not ready: NetworkReady=false",
                time));
    return String.join(", ", all);
  }

  private static String condition(
      String type, String status, String reason, String message, String time) {
    return """
        {"type": "%s", "status": "%s", "reason": "%s", "message": "%s",
         "lastHeartbeatTime": "2026-11-02T%sZ", "lastTransitionTime": "2026-11-02T09:00:00Z"}"""
        .formatted(type, status, reason, message, time);
  }

  private static String images() {
    return IntStream.range(0, IMAGES)
        .mapToObj(
            i ->
                """
                {"names": ["%4$s-%1$02d@sha256:%2$064x",
                 "%4$s-%1$02d:v1.%1$d.3"], "sizeBytes": %3$d}"""
                    .formatted(
                        i, 0x9e3779b97f4a7c15L * (i + 1) >>> 1, 52_428_800L + i * 7919L, SERVICE))
        .collect(Collectors.joining(", "));
  }
}
