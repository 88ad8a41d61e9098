// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import io.nodeqos.kube.wire.KubernetesMessages;
import io.nodeqos.kube.wire.ProtobufMessage;
import io.nodeqos.kube.wire.TolerantReader;
import io.nodeqos.node.Keys;
import io.nodeqos.node.SpinnerDaemonSet;
import io.nodeqos.node.SpinnerKey;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * DaemonSet to {@link SpinnerDaemonSet}: the metadata that this controller wrote, and the volumes.
 */
public final class SpinnerDaemonSetCodec implements Codec<SpinnerDaemonSet> {
  @Override
  public SlimObject<SpinnerDaemonSet> decode(TolerantReader in) throws IOException {
    Draft draft = new Draft(in);
    in.requiredObject("a DaemonSet", draft::root);
    return draft.meta.with(draft.view());
  }

  @Override
  public Optional<ProtobufMessage> protobuf() {
    return Optional.of(KubernetesMessages.DAEMON_SET);
  }

  private static final class Draft {
    private final TolerantReader in;
    private final MetaDraft meta;
    private final Set<String> images = new HashSet<>();

    Draft(TolerantReader in) {
      this.in = in;
      this.meta = new MetaDraft(in, Keys.APPLIED_HASH::equals);
    }

    void root(String field) throws IOException {
      switch (field) {
        case "metadata" -> meta.read();
        case "spec" -> in.object(this::spec);
        default -> in.skip();
      }
    }

    private void spec(String field) throws IOException {
      if (field.equals("template")) {
        in.object(this::template);
      } else {
        in.skip();
      }
    }

    private void template(String field) throws IOException {
      if (field.equals("spec")) {
        in.object(this::podSpec);
      } else {
        in.skip();
      }
    }

    private void podSpec(String field) throws IOException {
      if (field.equals("volumes")) {
        ImageVolumes.read(in, images);
      } else {
        in.skip();
      }
    }

    SpinnerDaemonSet view() {
      return new SpinnerDaemonSet(
          meta.name,
          meta.uid,
          SpinnerKey.of(meta.labels.getOrDefault(Keys.SPINNER, "")).policy(),
          meta.labels.getOrDefault(Keys.PULL_VERSION, ""),
          meta.annotations.getOrDefault(Keys.APPLIED_HASH, ""),
          !images.isEmpty(),
          meta.deleting);
    }
  }
}
