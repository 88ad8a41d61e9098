// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.watch;

import io.nodeqos.kube.client.ResourcePath;
import io.nodeqos.kube.codec.Codec;
import io.nodeqos.kube.codec.CsiNodeCodec;
import io.nodeqos.kube.codec.DaemonSetCodec;
import io.nodeqos.kube.codec.ExtendedRequestCodec;
import io.nodeqos.kube.codec.NamespaceCodec;
import io.nodeqos.kube.codec.NodeCodec;
import io.nodeqos.kube.codec.PodCodec;
import io.nodeqos.kube.codec.PolicyCodec;
import io.nodeqos.kube.codec.RevisionCodec;
import io.nodeqos.kube.codec.SpinnerDaemonSetCodec;
import io.nodeqos.kube.codec.SpinnerPodCodec;
import io.nodeqos.kube.wire.Interning;
import io.nodeqos.node.CsiNodeView;
import io.nodeqos.node.DaemonSetView;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NamespaceView;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.SpinnerDaemonSet;
import io.nodeqos.node.SpinnerPod;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.preview.ClusterSnapshot.ExtendedRequest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The objects that one cache holds.
 *
 * @param resource its plural name, a label of metrics
 * @param namespace empty for all
 * @param path below the server's address
 * @param query selectors
 */
public record CacheSource<V>(
    String resource, String namespace, String path, Map<String, String> query, Codec<V> codec) {

  /** Pods that have ended neither count nor request anything, and can be many. */
  private static final Map<String, String> NOT_ENDED =
      Map.of("fieldSelector", "status.phase!=Succeeded,status.phase!=Failed");

  public static CacheSource<NodeView> nodes(Interning interning, Set<String> extraAnnotations) {
    return cluster("nodes", "/api/v1/nodes", new NodeCodec(interning, extraAnnotations));
  }

  public static CacheSource<NamespaceView> namespaces() {
    return cluster("namespaces", "/api/v1/namespaces", new NamespaceCodec());
  }

  public static CacheSource<CsiNodeView> csiNodes(Interning interning) {
    return cluster("csinodes", "/apis/storage.k8s.io/v1/csinodes", new CsiNodeCodec(interning));
  }

  public static CacheSource<PolicyObject> policies() {
    return cluster("nodeqospolicies", ResourcePath.POLICIES, new PolicyCodec());
  }

  public static CacheSource<PolicyRevision> revisions(String namespace) {
    return new CacheSource<>(
        "controllerrevisions",
        namespace,
        ResourcePath.revisions(namespace),
        Map.of("labelSelector", Keys.REVISION_OF),
        new RevisionCodec());
  }

  public static CacheSource<PodView> pods(String namespace, Interning interning) {
    return new CacheSource<>(
        "pods",
        namespace,
        "/api/v1/namespaces/" + namespace + "/pods",
        NOT_ENDED,
        new PodCodec(interning));
  }

  public static CacheSource<DaemonSetView> daemonSets(String namespace, Interning interning) {
    return new CacheSource<>(
        "daemonsets",
        namespace,
        "/apis/apps/v1/namespaces/" + namespace + "/daemonsets",
        Map.of(),
        new DaemonSetCodec(interning));
  }

  public static CacheSource<SpinnerDaemonSet> spinners(String namespace) {
    return new CacheSource<>(
        "daemonsets",
        namespace,
        "/apis/apps/v1/namespaces/" + namespace + "/daemonsets",
        Map.of("labelSelector", Keys.SPINNER),
        new SpinnerDaemonSetCodec());
  }

  public static CacheSource<SpinnerPod> spinnerPods(String namespace, Interning interning) {
    return new CacheSource<>(
        "pods",
        namespace,
        "/api/v1/namespaces/" + namespace + "/pods",
        Map.of("labelSelector", Keys.SPINNER),
        new SpinnerPodCodec(interning));
  }

  /** Pods in all namespaces that run on a node, and only what they request of our resources. */
  public static CacheSource<Optional<ExtendedRequest>> extendedRequests(Interning interning) {
    return new CacheSource<>(
        "pods",
        "",
        "/api/v1/pods",
        Map.of("fieldSelector", NOT_ENDED.get("fieldSelector") + ",spec.nodeName!="),
        new ExtendedRequestCodec(interning));
  }

  private static <V> CacheSource<V> cluster(String resource, String path, Codec<V> codec) {
    return new CacheSource<>(resource, "", path, Map.of(), codec);
  }

  /** Only the object of this name. */
  public CacheSource<V> named(String name) {
    return new CacheSource<>(
        resource, namespace, path, Map.of("fieldSelector", "metadata.name=" + name), codec);
  }

  /** For the log: {@code pods of namespace kube-system}. */
  public String describe() {
    return namespace.isEmpty() ? resource : resource + " of namespace " + namespace;
  }
}
