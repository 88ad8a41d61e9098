// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import io.nodeqos.node.Quantity;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Reads maps of resource quantities. */
final class Quantities {
  private Quantities() {}

  /** A fresh map; what is not a quantity is left out. */
  static Map<String, Quantity> read(TolerantReader in) throws IOException {
    Map<String, Quantity> result = new HashMap<>();
    in.object(
        name -> {
          String text = in.stringOrNumber();
          try {
            result.put(name, Quantity.parse(text));
          } catch (IllegalArgumentException notAQuantity) {
            // Only a server of another world sends this; the other resources still count.
            result.remove(name);
          }
        });
    return result;
  }
}
