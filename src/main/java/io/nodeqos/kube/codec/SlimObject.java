// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1ObjectMeta;

/**
 * What the stock informer keeps: just enough metadata for it, and our view of the object. The
 * generated models are not used, since they throw on every field they do not know.
 */
public final class SlimObject<V> implements KubernetesObject {
  private final V1ObjectMeta metadata;
  private final V view;

  public SlimObject(V1ObjectMeta metadata, V view) {
    this.metadata = metadata;
    this.view = view;
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
