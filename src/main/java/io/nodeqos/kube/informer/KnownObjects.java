// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.informer;

import io.kubernetes.client.informer.cache.Store;
import io.nodeqos.kube.codec.SlimObject;
import io.nodeqos.kube.watch.Known;
import java.util.Optional;

/**
 * The objects of an informer. While an event of an object is on its way through the informer, the
 * object is not found here: the two threads would overwrite each other's versions.
 */
final class KnownObjects<V> implements Known<V> {
  private final Store<SlimObject<V>> objects;
  private final CacheStatus status;
  private final Informer.Guarded<V> handler;

  /**
   * @param objects those that the informer holds
   * @param handler gets the events of the informer, too
   */
  KnownObjects(Store<SlimObject<V>> objects, CacheStatus status, Informer.Guarded<V> handler) {
    this.objects = objects;
    this.status = status;
    this.handler = handler;
  }

  @Override
  public Optional<SlimObject<V>> find(String key) {
    return status.position().isUnderWay(key)
        ? Optional.empty()
        : Optional.ofNullable(objects.getByKey(key));
  }

  @Override
  public void seen(String key, SlimObject<V> now) {
    SlimObject<V> before = objects.getByKey(key);
    objects.update(now);
    handler.onUpdate(before, now);
    status.toldNothingUpTo(now.resourceVersion());
  }
}
