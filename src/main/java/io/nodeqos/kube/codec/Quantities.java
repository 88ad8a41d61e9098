// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import io.nodeqos.kube.wire.TolerantReader;
import io.nodeqos.node.value.Quantity;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A map of resource quantities while it is being read; a value that is not a quantity is left out.
 */
final class Quantities {
  private final Map<String, Quantity> values = new HashMap<>();
  private boolean present;

  /** Reads a portion of it. */
  void read(TolerantReader in) throws IOException {
    present = true;
    in.object(
        name -> {
          String text = in.quantity();
          try {
            values.put(name, Quantity.parse(text));
          } catch (IllegalArgumentException notAQuantity) {
            // No known API server sends this; the other resources still count.
            values.remove(name);
          }
        });
  }

  Map<String, Quantity> all() {
    return values;
  }

  /** Empty when there was no such field. */
  Optional<Map<String, Quantity>> ifPresent() {
    return present ? Optional.of(values) : Optional.empty();
  }
}
