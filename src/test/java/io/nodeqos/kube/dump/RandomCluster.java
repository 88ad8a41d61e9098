// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import io.nodeqos.kube.SimCluster;
import java.util.List;
import java.util.Random;

/** Objects of all kinds with random contents. What no dump may have contains {@code s3cret}. */
final class RandomCluster {
  private static final List<String> RESERVED = List.of("kube-system", "storage", "net");

  private final SimCluster cluster;
  private final Random random;

  RandomCluster(SimCluster cluster, long seed) {
    this.cluster = cluster;
    this.random = new Random(seed);
  }

  void create() {
    cluster.installPolicyDefinition();
    cluster.namespace("nodeqos-system", "");
    cluster.namespace("tenant", "\"s3cret\":\"s3cret\"");
    cluster.namespace("storage", "\"nodeqos.io/reserved\":\"true\",\"team\":\"s3cret\"");
    cluster.namespace("net", "\"nodeqos.io/reserved\":\"true\"");
    settings();
    int nodes = 1 + random.nextInt(8);
    for (int i = 0; i < nodes; i++) {
      node("node-" + i);
    }
    for (String namespace : RESERVED) {
      for (int i = random.nextInt(3); i > 0; i--) {
        daemonSet(namespace, "agent-" + i, "");
      }
      for (int i = random.nextInt(6); i > 0; i--) {
        pod(namespace, "agent-" + i, nodeName(nodes), "\"app\":\"agent\"");
      }
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      pod("tenant", "job-" + i, nodeName(nodes), "");
    }
    daemonSet("nodeqos-system", "nodeqos-spinner-base", "\"nodeqos.io/spinner\":\"base\"");
    pod("nodeqos-system", "spin", nodeName(nodes), "\"nodeqos.io/spinner\":\"base\"");
    policy("base");
    policy("gpu");
  }

  private String nodeName(int nodes) {
    return "node-" + random.nextInt(nodes);
  }

  private String any(String... values) {
    return values[random.nextInt(values.length)];
  }

  private void settings() {
    if (random.nextBoolean()) {
      cluster.create(
          "/api/v1/namespaces/nodeqos-system/configmaps",
          """
          {"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"node-qos-controller"},
           "data":{"config.yaml":"queue: {workers: 3}\\nreservedNamespaces: [net]\\ntracing: {endpoint: 'http://jaeger.tenant:4318'}","other":"s3cret"}}""");
    }
  }

  private void node(String name) {
    cluster.create(
        "/api/v1/nodes",
        """
        {"kind":"Node","apiVersion":"v1","metadata":{"name":"%s",
          "labels":{"pool":"%s","kubernetes.io/hostname":"%s"},
          "annotations":{"nodeqos.io/config":"{\\"sources\\":{\\"warmUp\\":\\"gpu\\",\\"reservation\\":\\"base\\"}}",
            "nodeqos.io/apply-error":"e51bf5f2ce %s has no cgroup for storage/storageagent-1",
            "example.com/s3cret":"s3cret","node.koordinator.sh/reservation":"{}",
            "kubectl.kubernetes.io/last-applied-configuration":"s3cret"}},
         "spec":{"providerID":"s3cret","taints":[{"key":"%s","effect":"NoSchedule"},
           {"key":"dedicated","value":"tenant","effect":"NoSchedule"}]}}"""
            .formatted(
                name,
                any("gpu", "web"),
                name,
                name,
                any("nodeqos.io/warming-up", "example.com/x")));
    cluster.merge(
        "/api/v1/nodes/" + name + "/status",
        """
        {"status":{"capacity":{"cpu":"%d","memory":"8Gi"},"allocatable":{"cpu":"3900m","memory":"8Gi"},
         "addresses":[{"type":"Hostname","address":"s3cret"}],
         "conditions":[{"type":"Ready","status":"%s","reason":"r","message":"m",
           "lastHeartbeatTime":"2026-11-03T10:00:00Z","lastTransitionTime":"2026-11-03T09:00:00Z"},
           {"type":"nodeqos.io/WarmedUp","status":"False","reason":"ReservedPodsNotReady",
            "message":"The warm-up has 1 blocker: pod storage/storageagent-1 is not Ready."}],
         "images":[{"names":["registry.example.com/a:%d"],"sizeBytes":1000}],
         "nodeInfo":{"bootID":"boot-%d","kubeletVersion":"v1.37.2","machineID":"s3cret"}}}"""
            .formatted(
                1 + random.nextInt(64),
                any("True", "False"),
                random.nextInt(3),
                random.nextInt(3)));
    if (random.nextBoolean()) {
      cluster.create(
          "/apis/storage.k8s.io/v1/csinodes",
          """
          {"kind":"CSINode","apiVersion":"storage.k8s.io/v1",
           "metadata":{"name":"%1$s","annotations":{"storage.alpha.kubernetes.io/x":"s3cret"}},
           "spec":{"drivers":[{"name":"csi.example.com","nodeID":"s3cret"}]}}"""
              .formatted(name));
    }
  }

  private void pod(String namespace, String name, String node, String labels) {
    cluster.create(
        "/api/v1/namespaces/" + namespace + "/pods",
        """
        {"kind":"Pod","apiVersion":"v1","metadata":{"name":"%1$s","labels":{%3$s},
           "annotations":{"example.com/token":"s3cret"},
           "ownerReferences":[{"apiVersion":"apps/v1","kind":"DaemonSet","name":"d","uid":"u","controller":true}]},
         "spec":{"nodeName":"%2$s","serviceAccountName":"s3cret",
          "tolerations":[{"key":"%4$s","operator":"Exists"},
            {"key":"dedicated","operator":"Equal","value":"tenant","effect":"NoSchedule"}],
          "initContainers":[{"name":"i","image":"init:1","args":["s3cret"],
            "resources":{"requests":{"nodeqos.io/gold-cpu":"%5$d"}}}],
          "containers":[{"name":"c","image":"main:1","command":["s3cret"],"args":["s3cret"],
            "env":[{"name":"PASSWORD","value":"s3cret"}],
            "resources":{"requests":{"cpu":"%5$dm","nodeqos.io/gold-memory":"1Gi"},"limits":{"cpu":"2"}}}],
          "volumes":[{"name":"s3cret","secret":{"secretName":"s3cret"}},
            {"name":"models","image":{"reference":"models:7"}}]}}"""
            .formatted(namespace + name, node, labels, any("a", "b"), 1 + random.nextInt(900)));
    cluster.merge(
        "/api/v1/namespaces/%s/pods/%s/status".formatted(namespace, namespace + name),
        """
        {"status":{"phase":"Running","podIP":"10.0.0.1",
         "conditions":[{"type":"Ready","status":"%s","lastTransitionTime":"2026-11-03T09:00:00Z"}],
         "containerStatuses":[{"name":"c","image":"main:1","imageID":"sha256:1","ready":true,"restartCount":3,
           "state":{"running":{"startedAt":"2026-11-03T09:00:00Z"}},
           "lastState":{"terminated":{"exitCode":1,"reason":"Error","message":"s3cret","startedAt":"2026-11-03T08:00:00Z"}},
           "allocatedResources":{"cpu":"100m"}}]}}"""
            .formatted(any("True", "False")));
  }

  private void daemonSet(String namespace, String name, String labels) {
    cluster.create(
        "/apis/apps/v1/namespaces/" + namespace + "/daemonsets",
        """
        {"kind":"DaemonSet","apiVersion":"apps/v1","metadata":{"name":"%s","labels":{%s},
           "annotations":{"nodeqos.io/applied-hash":"h","example.com/x":"s3cret"}},
         "spec":{"selector":{"matchLabels":{"a":"b"}},"template":{
          "metadata":{"labels":{"a":"b"},"annotations":{"x":"s3cret"}},
          "spec":{"nodeSelector":{"pool":"%s"},"serviceAccountName":"s3cret",
           "affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[
             {"matchExpressions":[{"key":"pool","operator":"Exists"}]}]}}},
           "tolerations":[{"operator":"%s"}],
           "containers":[{"name":"c","image":"i","env":[{"name":"T","value":"s3cret"}]}],
           "volumes":[{"name":"v","image":{"reference":"models:7"}}]}}}}"""
            .formatted(name, labels, any("gpu", "web"), "Exists"));
  }

  private void policy(String name) {
    cluster.create(
        "/apis/nodeqos.io/v1alpha1/nodeqospolicies",
        """
        {"kind":"NodeQoSPolicy","apiVersion":"nodeqos.io/v1alpha1","metadata":{"name":"%1$s",
           "finalizers":["nodeqos.io/clean-nodes"],
           "annotations":{"nodeqos.io/confirm":"token","kubectl.kubernetes.io/last-applied-configuration":"s3cret"}},
         "spec":{"priority":%2$d,"reservation":{"cpu":"%2$d00m"},
           "nodeSelector":{"matchExpressions":[
             {"key":"kubernetes.io/hostname","operator":"%4$s","values":["node-0","node-2"]}]},
           "warmUp":{"stableFor":"%3$ds","nodeReady":{},"reservedPods":[
             {"namespace":"%5$s","selector":{"matchLabels":{"app":"agent"}}},
             {"namespace":"absent","selector":{"matchLabels":{"app":"agent"}}}]}}}"""
            .formatted(
                name,
                1 + random.nextInt(5),
                random.nextInt(60),
                any("In", "NotIn"),
                any("storage", "net")));
    cluster.create(
        "/apis/apps/v1/namespaces/nodeqos-system/controllerrevisions",
        """
        {"kind":"ControllerRevision","apiVersion":"apps/v1","revision":%2$d,
         "metadata":{"name":"%1$s-1","labels":{"nodeqos.io/revision-of":"%1$s"},
           "ownerReferences":[{"apiVersion":"nodeqos.io/v1alpha1","kind":"NodeQoSPolicy","name":"%1$s","uid":"u","controller":true}]},
         "data":{"spec":{"priority":1.50,"reservation":{"cpu":"1"}}}}"""
            .formatted(name, 1 + random.nextInt(5)));
  }
}
