// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import io.nodeqos.kube.wire.Interning;
import io.nodeqos.kube.wire.KubernetesMessages;
import io.nodeqos.kube.wire.ProtobufMessage;
import io.nodeqos.kube.wire.TolerantReader;
import io.nodeqos.node.CsiNodeView;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** CSINode to {@link CsiNodeView}. */
public final class CsiNodeCodec implements Codec<CsiNodeView> {
  private final Interning interning;

  public CsiNodeCodec(Interning interning) {
    this.interning = interning;
  }

  @Override
  public SlimObject<CsiNodeView> decode(TolerantReader in) throws IOException {
    MetaDraft meta = new MetaDraft(in, key -> false);
    Set<String> drivers = new HashSet<>();
    in.requiredObject(
        "a CSINode",
        field -> {
          switch (field) {
            case "metadata" -> meta.read();
            case "spec" -> in.object(specField -> spec(in, specField, drivers));
            default -> in.skip();
          }
        });
    return meta.with(new CsiNodeView(meta.name, meta.resourceVersion, interning.set(drivers)));
  }

  @Override
  public Optional<ProtobufMessage> protobuf() {
    return Optional.of(KubernetesMessages.CSI_NODE);
  }

  private static void spec(TolerantReader in, String field, Set<String> drivers)
      throws IOException {
    if (field.equals("drivers")) {
      in.array(() -> in.object(driverField -> driver(in, driverField, drivers)));
    } else {
      in.skip();
    }
  }

  private static void driver(TolerantReader in, String field, Set<String> drivers)
      throws IOException {
    if (field.equals("name")) {
      String name = in.string();
      if (!name.isEmpty()) {
        drivers.add(name);
      }
    } else {
      in.skip();
    }
  }
}
