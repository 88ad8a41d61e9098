// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.nodeqos.kube.wire.Fingerprint;

/**
 * The object that the stock informer keeps: the metadata that it needs, and our view. The generated
 * models are not used, since they throw on every unknown field.
 */
public final class SlimObject<V> implements KubernetesObject {
  private final V1ObjectMeta metadata;
  private final V view;
  private final Fingerprint fingerprint;

  public SlimObject(V1ObjectMeta metadata, V view) {
    this(metadata, view, Fingerprint.NONE);
  }

  private SlimObject(V1ObjectMeta metadata, V view, Fingerprint fingerprint) {
    this.metadata = metadata;
    this.view = view;
    this.fingerprint = fingerprint;
  }

  public SlimObject<V> with(Fingerprint newFingerprint) {
    return new SlimObject<>(metadata, view, newFingerprint);
  }

  /** This object in another version, in which nothing that its fingerprint shows has changed. */
  SlimObject<V> in(String resourceVersion, V newView) {
    return new SlimObject<>(
        MetaDraft.meta(
            metadata.getNamespace(), metadata.getName(), metadata.getUid(), resourceVersion),
        newView,
        fingerprint);
  }

  /** Of the bytes that it was decoded from; {@link Fingerprint#NONE} when they are not known. */
  public Fingerprint fingerprint() {
    return fingerprint;
  }

  public V view() {
    return view;
  }

  public String resourceVersion() {
    return metadata.getResourceVersion();
  }

  @Override
  public V1ObjectMeta getMetadata() {
    return metadata;
  }

  /** Never sent anywhere, so never needed. */
  @Override
  public String getApiVersion() {
    return "";
  }

  @Override
  public String getKind() {
    return "";
  }
}
