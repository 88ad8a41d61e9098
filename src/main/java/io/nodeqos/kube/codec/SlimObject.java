// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1ObjectMeta;

/**
 * The object that the stock informer keeps: the metadata that it needs, and our view. The generated
 * models are not used, since they throw on every unknown field.
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
