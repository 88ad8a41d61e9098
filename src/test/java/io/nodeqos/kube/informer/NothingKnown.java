// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.informer;

import io.nodeqos.kube.codec.SlimObject;
import io.nodeqos.kube.watch.Known;
import java.util.Optional;

/** For a watch whose events are all decoded. */
public final class NothingKnown<V> implements Known<V> {
  @Override
  public Optional<SlimObject<V>> find(String key) {
    return Optional.empty();
  }

  @Override
  public void seen(String key, SlimObject<V> now) {
    throw new AssertionError("no object was found");
  }
}
