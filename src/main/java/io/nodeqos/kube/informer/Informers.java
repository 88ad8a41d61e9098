// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.informer;

import io.kubernetes.client.informer.cache.Cache;
import io.kubernetes.client.informer.impl.DefaultSharedIndexInformer;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.codec.SlimObject;
import io.nodeqos.kube.watch.CacheSource;
import io.nodeqos.kube.watch.SlimList;
import io.nodeqos.time.Pauses;

/** Creates the informers of all caches, which read from one API server. Thread-safe. */
public final class Informers {
  private final ApiEndpoint api;
  private final KubeSettings.Cache settings;
  private final Pauses pauses;

  public Informers(ApiEndpoint api, KubeSettings.Cache settings, Pauses pauses) {
    this.api = api;
    this.settings = settings;
    this.pauses = pauses;
  }

  /** An informer that is not started yet. */
  public <V> Informer<V> create(
      CacheSource<V> source, CacheStatus.Listener listener, Informer.Handler<V> handler) {
    Cache<SlimObject<V>> objects = new Cache<>();
    CacheStatus status =
        new CacheStatus(source.describe(), api.server(), pauses.time(), listener, objects);
    Informer.Guarded<V> guarded = new Informer.Guarded<>(source.describe(), status, handler);
    SlimListerWatcher<V> listerWatcher =
        new SlimListerWatcher<>(
            api, source, settings, pauses, status, new KnownObjects<>(objects, status, guarded));
    DefaultSharedIndexInformer<SlimObject<V>, SlimList<V>> informer =
        new DefaultSharedIndexInformer<>(
            objectClass(),
            listerWatcher,
            0,
            objects,
            (type, e) -> Informer.Guarded.log(source.describe(), e));
    informer.addEventHandler(guarded);
    return new Informer<>(source, listerWatcher, status, informer);
  }

  /** The informer uses it for names only. */
  @SuppressWarnings("unchecked")
  private static <V> Class<SlimObject<V>> objectClass() {
    return (Class<SlimObject<V>>) (Class<?>) SlimObject.class;
  }
}
