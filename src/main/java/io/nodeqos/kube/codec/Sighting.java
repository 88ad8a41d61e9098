// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import io.nodeqos.kube.wire.Fingerprint;

/**
 * What is read of an object whose content is known: all that its {@link Fingerprint} leaves out.
 */
public interface Sighting<V> {
  /** The key of the object in a cache. */
  String key();

  /** The known object as it was seen now. */
  SlimObject<V> of(SlimObject<V> known);
}
