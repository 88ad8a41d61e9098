// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import io.nodeqos.node.Keys;
import io.nodeqos.node.SpinnerDaemonSet;
import java.io.IOException;

/** DaemonSet to {@link SpinnerDaemonSet}: what we wrote into its metadata tells all. */
final class SpinnerDaemonSetCodec implements Codec<SpinnerDaemonSet> {
  @Override
  public SlimObject<SpinnerDaemonSet> decode(TolerantReader in) throws IOException {
    MetaDraft meta = new MetaDraft(in, Keys.APPLIED_HASH::equals);
    in.requiredObject(
        "a DaemonSet",
        field -> {
          if (field.equals("metadata")) {
            meta.read();
          } else {
            in.skip();
          }
        });
    return meta.with(
        new SpinnerDaemonSet(
            meta.name,
            meta.uid,
            meta.labels.getOrDefault(Keys.SPINNER, ""),
            meta.labels.getOrDefault(Keys.PULL_VERSION, ""),
            meta.annotations.getOrDefault(Keys.APPLIED_HASH, ""),
            meta.deleting));
  }
}
