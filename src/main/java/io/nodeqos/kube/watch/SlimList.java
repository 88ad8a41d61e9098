// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.watch;

import io.kubernetes.client.common.KubernetesListObject;
import io.kubernetes.client.openapi.models.V1ListMeta;
import io.nodeqos.kube.codec.SlimObject;
import java.util.List;

/** A complete list, of all its pages. */
public final class SlimList<V> implements KubernetesListObject {
  private final String resourceVersion;
  private final List<SlimObject<V>> items;

  /** Takes ownership of the list, which must be modifiable. */
  SlimList(String resourceVersion, List<SlimObject<V>> items) {
    this.resourceVersion = resourceVersion;
    this.items = items;
  }

  @Override
  public V1ListMeta getMetadata() {
    V1ListMeta meta = new V1ListMeta();
    meta.setResourceVersion(resourceVersion);
    return meta;
  }

  @Override
  public List<SlimObject<V>> getItems() {
    return items;
  }

  /**
   * Releases the objects once the informer has taken them over: its reflector keeps this list for
   * as long as it watches, which would keep the first version of each object alive.
   */
  public void release() {
    items.clear();
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
