// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.nodeqos.kube.wire.MalformedAnswerException;
import io.nodeqos.kube.wire.TolerantReader;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The fields of {@code metadata} that any view needs, while they are being read. */
public final class MetaDraft {
  private static final Predicate<String> ALL = key -> true;

  private final TolerantReader in;
  private final Predicate<String> wantedAnnotations;

  String namespace = "";
  String name = "";
  String uid = "";
  String resourceVersion = "";
  String ownerUid = "";
  long generation;
  Instant createdAt = Instant.EPOCH;
  boolean deleting;
  final List<String> finalizers = new ArrayList<>();
  final Map<String, String> labels = new HashMap<>();
  final Map<String, String> annotations = new HashMap<>();

  public MetaDraft(TolerantReader in, Predicate<String> wantedAnnotations) {
    this.in = in;
    this.wantedAnnotations = wantedAnnotations;
  }

  /** Reads the value of {@code metadata}. */
  public void read() throws IOException {
    in.object(this::field);
  }

  private void field(String field) throws IOException {
    switch (field) {
      case "namespace" -> namespace = in.string();
      case "name" -> name = in.string();
      case "uid" -> uid = in.string();
      case "resourceVersion" -> resourceVersion = in.string();
      case "generation" -> generation = in.wholeNumber();
      case "creationTimestamp" -> createdAt = in.instant();
      case "deletionTimestamp" -> deleting = !in.string().isEmpty();
      case "finalizers" -> in.array(() -> finalizers.add(in.string()));
      case "labels" -> in.strings(ALL, labels);
      case "annotations" -> in.strings(wantedAnnotations, annotations);
      case "ownerReferences" -> in.array(this::owner);
      default -> in.skip();
    }
  }

  private void owner() throws IOException {
    Owner owner = new Owner();
    in.object(
        field -> {
          switch (field) {
            case "uid" -> owner.uid = in.string();
            case "controller" -> owner.controller = in.flag();
            default -> in.skip();
          }
        });
    if (owner.controller) {
      ownerUid = owner.uid;
    }
  }

  private static final class Owner {
    String uid = "";
    boolean controller;
  }

  /**
   * Gives the finished object.
   *
   * @throws IOException when the name or the version is missing: this was no Kubernetes object
   */
  public <V> SlimObject<V> with(V view) throws IOException {
    if (name.isEmpty() || resourceVersion.isEmpty()) {
      throw new MalformedAnswerException(
          "an object without " + (name.isEmpty() ? "metadata.name" : "metadata.resourceVersion"));
    }
    return new SlimObject<>(
        meta(namespace.isEmpty() ? null : namespace, name, uid, resourceVersion), view);
  }

  /**
   * The metadata that an informer needs.
   *
   * @param namespace null when there is none
   */
  static V1ObjectMeta meta(String namespace, String name, String uid, String resourceVersion) {
    V1ObjectMeta meta = new V1ObjectMeta();
    meta.setNamespace(namespace);
    meta.setName(name);
    meta.setUid(uid);
    meta.setResourceVersion(resourceVersion);
    // The model makes an empty collection for each: 200 bytes an object for nothing.
    meta.setLabels(null);
    meta.setAnnotations(null);
    meta.setFinalizers(null);
    meta.setManagedFields(null);
    meta.setOwnerReferences(null);
    return meta;
  }
}
