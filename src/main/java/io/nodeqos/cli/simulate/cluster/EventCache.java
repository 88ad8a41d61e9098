// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import io.nodeqos.kube.codec.Codec;
import io.nodeqos.kube.informer.Informer;
import io.nodeqos.kube.wire.JsonTolerantReader;
import io.nodeqos.sim.model.ObjectKey;
import io.nodeqos.sim.store.StoredEvent;
import io.nodeqos.sim.store.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** One cache of the simulated controller, fed by changes of stored objects instead of a watch. */
final class EventCache<V> {
  private final Codec<V> codec;
  private final Predicate<StoredObject> selected;
  private final Informer.Handler<V> handler;
  private final Map<ObjectKey, V> present = new HashMap<>();

  EventCache(Codec<V> codec, Predicate<StoredObject> selected, Informer.Handler<V> handler) {
    this.codec = codec;
    this.selected = selected;
    this.handler = handler;
  }

  void apply(StoredEvent event) {
    if (event.type() == StoredEvent.Type.DELETED) {
      delete(event.object().key());
    } else {
      put(event.object());
    }
  }

  void put(StoredObject object) {
    if (!selected.test(object)) {
      delete(object.key());
      return;
    }
    V now = decode(object);
    V before = present.put(object.key(), now);
    if (before == null) {
      handler.added(now);
    } else {
      handler.changed(before, now);
    }
  }

  private void delete(ObjectKey key) {
    V last = present.remove(key);
    if (last != null) {
      handler.deleted(last);
    }
  }

  private V decode(StoredObject object) {
    try {
      return codec
          .decode(
              new JsonTolerantReader(
                  new InputStreamReader(
                      new ByteArrayInputStream(object.json()), StandardCharsets.UTF_8)))
          .view();
    } catch (IOException e) {
      throw new UncheckedIOException("object " + object.key() + " cannot be decoded", e);
    }
  }
}
