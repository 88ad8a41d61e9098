// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.informer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.util.CallGeneratorParams;
import io.kubernetes.client.util.Watch;
import io.kubernetes.client.util.Watchable;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.client.RealClients;
import io.nodeqos.kube.codec.SlimObject;
import io.nodeqos.kube.config.ClientConfigException;
import io.nodeqos.kube.watch.CacheSource;
import io.nodeqos.kube.watch.Encoding;
import io.nodeqos.kube.watch.SlimList;
import io.nodeqos.kube.watch.WatchEvent;
import io.nodeqos.kube.watch.WatchStream;
import io.nodeqos.kube.wire.Interning;
import io.nodeqos.node.CsiNodeView;
import io.nodeqos.node.DaemonSetView;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.SpinnerPod;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.node.value.Taint;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import io.nodeqos.time.Pauses;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A real server sends the same objects in protobuf and in JSON. */
@RealApi
class ProtobufIT {
  private static final int PAGE = 2;
  private static final String LIST = "application/vnd.kubernetes.protobuf";
  private static final String WATCH = "application/vnd.kubernetes.protobuf;stream=watch";
  private static final String TAINT =
      "{\"key\":\"example.com/dedicated\",\"value\":\"gpu\",\"effect\":\"NoExecute\","
          + "\"timeAdded\":\"2026-01-02T15:04:05Z\"}";

  private final String name = "proto-" + UUID.randomUUID();
  private final ControlPlane plane;
  private final ApiEndpoint api;
  private final Interning interning = new Interning();

  /** The content type of each answer. */
  private final List<String> types = new CopyOnWriteArrayList<>();

  ProtobufIT(ControlPlane plane) throws ClientConfigException {
    this.plane = plane;
    ApiEndpoint client = RealClients.watch(plane);
    api =
        new ApiEndpoint(
            client
                .http()
                .newBuilder()
                .addInterceptor(
                    chain -> {
                      Response response = chain.proceed(chain.request());
                      types.add(String.valueOf(response.header("Content-Type")));
                      return response;
                    })
                .build(),
            client.server(),
            name);
  }

  @AfterEach
  void deleteAll() {
    plane.kubectl("delete", "node,csinode,runtimeclass", "-l", "it=" + name).succeeded();
    plane
        .kubectl(
            "delete",
            "pod,daemonset,serviceaccount",
            "-l",
            "it=" + name,
            "--force",
            "--grace-period=0")
        .succeeded();
  }

  private void create(String json) {
    plane.kubectlWith(json, "create", "-f", "-").succeeded();
  }

  private void createNode(String node) {
    create(
        """
        {"kind":"Node","apiVersion":"v1","metadata":{"name":"%1$s","labels":{"it":"%2$s","empty":""},
         "annotations":{"nodeqos.io/config":"{}","example.com/owner":"somebody"},
         "finalizers":["example.com/hold"]},
         "spec":{"podCIDR":"10.0.0.0/24","taints":[%3$s]}}"""
            .formatted(node, name, TAINT));
    String images =
        IntStream.range(0, 50)
            .mapToObj(
                i ->
                    "{\"names\":[\"registry.example.com/image-%d@sha256:0\",\"registry.example.com/image-%d:v1\"],\"sizeBytes\":%d}"
                        .formatted(i, i, 1_000_000_000L + i))
            .collect(Collectors.joining(","));
    plane
        .kubectl(
            "patch",
            "node",
            node,
            "--subresource=status",
            "-p",
            """
            {"status":{"capacity":{"cpu":"8","memory":"33554432Ki","example.com/gpu":"2"},
             "allocatable":{"cpu":"7910m","memory":"32Gi","example.com/gpu":"2"},
             "conditions":[{"type":"Ready","status":"True","reason":"KubeletReady","message":"Grüße",
               "lastHeartbeatTime":"2026-10-03T08:16:00Z","lastTransitionTime":"2026-10-03T08:15:00Z"},
               {"type":"DiskPressure","status":"False"}],
             "nodeInfo":{"bootID":"boot-1","kubeletVersion":"v1.37.2","osImage":"Ubuntu 24.04"},
             "images":[%s]}}"""
                .formatted(images))
        .succeeded();
  }

  private void deleteNode(String node) {
    plane.kubectl("patch", "node", node, "-p", "{\"metadata\":{\"finalizers\":null}}").succeeded();
    plane.kubectl("delete", "node", node).succeeded();
  }

  private void createPod() {
    create(
        """
        {"kind":"ServiceAccount","apiVersion":"v1","metadata":{"name":"%1$s","labels":{"it":"%1$s"}}}"""
            .formatted(name));
    create(
        """
        {"kind":"RuntimeClass","apiVersion":"node.k8s.io/v1","handler":"x",
         "metadata":{"name":"%1$s","labels":{"it":"%1$s"}},
         "overhead":{"podFixed":{"cpu":"250m","memory":"120Mi"}}}"""
            .formatted(name));
    create(
        """
        {"kind":"Pod","apiVersion":"v1","metadata":{"name":"%1$s","labels":{"it":"%1$s"},
         "ownerReferences":[{"apiVersion":"apps/v1","kind":"DaemonSet","name":"d","uid":"uid-1","controller":true},
           {"apiVersion":"v1","kind":"X","name":"x","uid":"uid-2"}]},
         "spec":{"serviceAccountName":"%1$s","nodeName":"%1$s","runtimeClassName":"%1$s",
          "resources":{"requests":{"cpu":"3","memory":"2Gi"}},
          "tolerations":[{"operator":"Exists"},{"key":"a","operator":"Equal","value":"b","effect":"NoSchedule"},
            {"key":"c","operator":"Exists","effect":"NoExecute","tolerationSeconds":30}],
          "initContainers":[{"name":"setup","image":"setup:1","resources":{"requests":{"cpu":"2"}}},
            {"name":"sidecar","image":"sidecar:1","restartPolicy":"Always","resources":{"requests":{"cpu":"100m"}}}],
          "containers":[{"name":"main","image":"main:1","resources":{"requests":{"cpu":"1","memory":"1Gi"},"limits":{"memory":"2Gi"}}},
            {"name":"other","image":"other:1"}],
          "volumes":[{"name":"v","image":{"reference":"models:7"}},{"name":"e","emptyDir":{}}]}}"""
            .formatted(name));
    plane
        .kubectl(
            "patch",
            "pod",
            name,
            "--subresource=status",
            "-p",
            """
            {"status":{"phase":"Running",
             "conditions":[{"type":"Ready","status":"True","lastTransitionTime":"2026-10-03T08:15:00Z"}],
             "containerStatuses":[{"name":"main","image":"main:1","imageID":"sha256:1","ready":true,"restartCount":0,
                "allocatedResources":{"cpu":"1500m"},"resources":{"requests":{"cpu":"1500m","memory":"1Gi"}},
                "state":{"running":{"startedAt":"2026-10-03T08:14:00Z"}}},
               {"name":"other","image":"other:1","imageID":"","ready":false,"restartCount":3,
                "state":{"waiting":{"reason":"ImagePullBackOff","message":"no such image"}}}],
             "initContainerStatuses":[{"name":"setup","image":"setup:1","imageID":"","ready":true,"restartCount":0}]}}""")
        .succeeded();
  }

  private void createDaemonSet() {
    create(
        """
        {"kind":"DaemonSet","apiVersion":"apps/v1","metadata":{"name":"%1$s","labels":{"it":"%1$s"}},
         "spec":{"selector":{"matchLabels":{"it":"%1$s"}},
          "template":{"metadata":{"labels":{"it":"%1$s","app":"x"}},
           "spec":{"nodeSelector":{"pool":"gpu"},
            "tolerations":[{"key":"a","operator":"Exists"}],
            "affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[
              {"matchExpressions":[{"key":"zone","operator":"In","values":["a","b"]},{"key":"old","operator":"DoesNotExist"}],
               "matchFields":[{"key":"metadata.name","operator":"NotIn","values":["n"]}]},
              {"matchExpressions":[{"key":"generation","operator":"Gt","values":["4"]}]}]}}},
            "containers":[{"name":"main","image":"main:1"}],
            "volumes":[{"name":"v","image":{"reference":"models:7"}}]}}}}"""
            .formatted(name));
  }

  /** The same source, of the objects of this test only. */
  private <V> CacheSource<V> mine(CacheSource<V> source) {
    Map<String, String> query = new HashMap<>(source.query());
    query.put("labelSelector", "it=" + name);
    return new CacheSource<>(
        source.resource(), source.namespace(), source.path(), query, source.codec());
  }

  private static <V> CacheSource<V> inJson(CacheSource<V> source) {
    return new CacheSource<>(
        source.resource(),
        source.namespace(),
        source.path(),
        source.query(),
        in -> source.codec().decode(in));
  }

  private CacheSource<NodeView> nodes() {
    return mine(CacheSource.nodes(interning, Set.of()));
  }

  private <V> SlimListerWatcher<V> reader(CacheSource<V> source) {
    return new SlimListerWatcher<>(
        api,
        source,
        new KubeSettings.Cache(
            PAGE, Duration.ofSeconds(10), Duration.ofMinutes(5), Duration.ofMinutes(2)),
        Pauses.system(),
        new RecordingObserver(),
        new NothingKnown<>());
  }

  private static CallGeneratorParams from(String version) {
    return new CallGeneratorParams(true, version, 300);
  }

  private <V> List<V> listed(CacheSource<V> source) throws ApiException {
    SlimList<V> protobuf = reader(source).list(from("0"));
    assertEquals(protobuf.getItems().size() > PAGE, types.size() > 1, "pages");
    types.forEach(type -> assertEquals(LIST, type));
    types.clear();

    SlimList<V> json = reader(inJson(source)).list(from("0"));

    types.forEach(type -> assertEquals("application/json", type));
    types.clear();
    assertEquals(described(json.getItems()), described(protobuf.getItems()));
    return protobuf.getItems().stream().map(SlimObject::view).toList();
  }

  private static <V> List<String> described(List<SlimObject<V>> objects) {
    return objects.stream()
        .sorted(Comparator.comparing(o -> o.getMetadata().getName()))
        .map(o -> o.getMetadata() + "\n" + o.view())
        .toList();
  }

  @Test
  void listOfNodesIsTheSameInBothForms() throws ApiException {
    List.of("-a", "-b", "-c").forEach(suffix -> createNode(name + suffix));
    try {
      List<NodeView> nodes = listed(nodes());

      assertEquals(3, nodes.size(), "of more than one page");
      NodeView node = nodes.get(0);
      assertTrue(node.taints().stream().map(Taint::json).toList().contains(TAINT));
      assertEquals(100, node.status().images().size());
      assertEquals(Quantity.parse("7.91"), node.status().allocatable().get("cpu"));
      assertEquals("boot-1", node.status().bootId());
      assertEquals(new NodeView.Software("v1.37.2", "Ubuntu 24.04"), node.status().software());
      assertEquals(Map.of("it", name, "empty", ""), node.labels());
      assertEquals(Map.of("nodeqos.io/config", "{}"), node.annotations());
      assertEquals(
          Instant.parse("2026-10-03T08:15:00Z"),
          node.condition("Ready").orElseThrow().lastTransitionTime());
      assertTrue(node.meta().createdAt().isAfter(Instant.parse("2026-01-01T00:00:00Z")));
    } finally {
      List.of("-a", "-b", "-c").forEach(suffix -> deleteNode(name + suffix));
    }
  }

  @Test
  void nodeThatIsBeingDeletedIsTheSameInBothForms() throws ApiException {
    createNode(name);
    plane.kubectl("delete", "node", name, "--wait=false").succeeded();

    assertTrue(listed(nodes()).get(0).meta().deleting());

    plane.kubectl("patch", "node", name, "-p", "{\"metadata\":{\"finalizers\":null}}").succeeded();
  }

  @Test
  void podsDaemonSetsAndCsiNodesAreTheSameInBothForms() throws ApiException {
    createPod();
    createDaemonSet();
    create(
        """
        {"kind":"CSINode","apiVersion":"storage.k8s.io/v1","metadata":{"name":"%1$s","labels":{"it":"%1$s"}},
         "spec":{"drivers":[{"name":"a.example.com","nodeID":"n","topologyKeys":["zone"]},{"name":"b.example.com","nodeID":"n","topologyKeys":[]}]}}"""
            .formatted(name));

    PodView pod = listed(mine(CacheSource.pods("default", interning))).get(0);
    assertEquals(3250, pod.requests().cpuMilli(), "of the pod, and the overhead");
    assertEquals(3, pod.tolerations().size());
    assertTrue(pod.state().ready());
    assertEquals(Instant.parse("2026-10-03T08:14:00Z"), pod.state().startedAt());
    assertEquals(Set.of("main:1", "sha256:1"), pod.images(), "of the container that has started");
    assertEquals("uid-1", pod.ownerUid());
    SpinnerPod spinner = listed(mine(CacheSource.spinnerPods("default", interning))).get(0);
    assertEquals(Set.of("models:7"), spinner.images());
    assertEquals(new SpinnerPod.Waiting("ImagePullBackOff", "no such image"), spinner.waiting());
    DaemonSetView daemonSet = listed(mine(CacheSource.daemonSets("default", interning))).get(0);
    assertEquals(2, daemonSet.placement().affinityTerms().orElseThrow().size());
    assertTrue(listed(mine(CacheSource.spinners("default"))).get(0).mountsImages());
    CsiNodeView csiNode = listed(mine(CacheSource.csiNodes(interning))).get(0);
    assertEquals(Set.of("a.example.com", "b.example.com"), csiNode.drivers());
    assertFalse(listed(CacheSource.namespaces()).isEmpty());
  }

  @Test
  void emptyListIsTheSameInBothForms() throws ApiException {
    assertEquals(List.of(), listed(nodes()));
  }

  @Test
  void eventsAreTheSameInBothForms() throws ApiException {
    String version = reader(nodes()).list(from("0")).getMetadata().getResourceVersion();
    createNode(name);
    deleteNode(name);
    types.clear();

    List<String> protobuf = events(nodes(), version);
    assertEquals(List.of(WATCH), types);
    types.clear();
    List<String> json = events(inJson(nodes()), version);

    assertEquals(List.of("application/json"), types);
    assertEquals(json, protobuf);
    assertTrue(protobuf.get(0).startsWith("ADDED"), protobuf.get(0));
    assertTrue(protobuf.get(1).startsWith("MODIFIED"), protobuf.get(1));
  }

  /** All up to the deletion. */
  private List<String> events(CacheSource<NodeView> source, String version) {
    SlimListerWatcher<NodeView> reader = reader(source);
    Watchable<SlimObject<NodeView>> watch = reader.watch(from(version));
    List<String> events = new ArrayList<>();
    boolean deleted = false;
    while (!deleted) {
      Watch.Response<SlimObject<NodeView>> event = watch.next();
      events.add(event.type + " " + event.object.getMetadata() + "\n" + event.object.view());
      deleted = event.type.equals("DELETED");
    }
    reader.close();
    return events;
  }

  private WatchStream<NodeView> open(Map<String, String> options) throws IOException {
    CacheSource<NodeView> source = nodes();
    Map<String, String> query = new HashMap<>(source.query());
    query.putAll(Map.of("watch", "true", "allowWatchBookmarks", "true", "timeoutSeconds", "60"));
    query.putAll(options);
    Encoding<NodeView> encoding = new Encoding<>(source, TimeSource.system());
    WatchStream<NodeView> stream =
        encoding.watch(
            api.http().newCall(encoding.accepting(api.watch(source.path(), query))).execute(),
            new NothingKnown<>());
    assertEquals(List.of(WATCH), types);
    return stream;
  }

  @Test
  void bookmarkOfARealServerIsRead() throws IOException {
    Map<String, String> initialEvents =
        Map.of("sendInitialEvents", "true", "resourceVersionMatch", "NotOlderThan");
    try (WatchStream<NodeView> watch = open(initialEvents)) {
      WatchEvent.Bookmark<?> bookmark =
          assertInstanceOf(WatchEvent.Bookmark.class, watch.next().orElseThrow());
      assertTrue(Long.parseLong(bookmark.resourceVersion()) > 0, bookmark.resourceVersion());
    }
  }

  @Test
  void expiredVersionIsDecoded() throws IOException {
    // A new process fills its watch caches from the state that it finds.
    plane.kill("kube-apiserver");
    plane.startAgain();
    try (WatchStream<NodeView> watch = open(Map.of("resourceVersion", "1"))) {
      WatchEvent.Failed<?> failed =
          assertInstanceOf(WatchEvent.Failed.class, watch.next().orElseThrow());
      assertTrue(failed.why().gone(), failed.why().message());
      assertEquals(410, failed.why().code());
      assertTrue(failed.why().message().contains("too old resource version"));
    }
  }

  @Test
  void refusalInProtobufIsDecoded() throws IOException {
    Encoding<NodeView> encoding = new Encoding<>(nodes(), TimeSource.system());
    try (Response response =
        api.http()
            .newCall(
                encoding.accepting(api.request("/api/v1/nodes", Map.of("continue", "nonsense"))))
            .execute()) {
      ApiFailure why = ApiFailure.of(response, TimeSource.system());

      assertEquals(List.of(LIST), types);
      assertEquals(400, why.code());
      assertEquals("BadRequest", why.reason());
      assertTrue(why.message().contains("continue key is not valid"), why.message());
    }
  }
}
