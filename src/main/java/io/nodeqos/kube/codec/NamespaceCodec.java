// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import io.nodeqos.kube.wire.KubernetesMessages;
import io.nodeqos.kube.wire.ProtobufMessage;
import io.nodeqos.kube.wire.TolerantReader;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NamespaceView;
import java.io.IOException;
import java.util.Optional;

/** Namespace to {@link NamespaceView}. */
public final class NamespaceCodec implements Codec<NamespaceView> {
  @Override
  public SlimObject<NamespaceView> decode(TolerantReader in) throws IOException {
    MetaDraft meta = new MetaDraft(in, key -> false);
    in.requiredObject(
        "a Namespace",
        field -> {
          if (field.equals("metadata")) {
            meta.read();
          } else {
            in.skip();
          }
        });
    boolean reserved = "true".equals(meta.labels.get(Keys.RESERVED));
    return meta.with(new NamespaceView(meta.name, meta.uid, meta.resourceVersion, reserved));
  }

  @Override
  public Optional<ProtobufMessage> protobuf() {
    return Optional.of(KubernetesMessages.NAMESPACE);
  }
}
