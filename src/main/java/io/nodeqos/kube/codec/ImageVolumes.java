// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import io.nodeqos.kube.wire.TolerantReader;
import java.io.IOException;
import java.util.Set;

/** Reads {@code volumes} of a pod's spec: the references of those that are images. */
final class ImageVolumes {
  private ImageVolumes() {}

  /** Adds those of a portion of the volumes. */
  static void read(TolerantReader in, Set<String> references) throws IOException {
    in.array(
        () ->
            in.object(
                field -> {
                  if (field.equals("image")) {
                    in.object(
                        source -> {
                          if (source.equals("reference")) {
                            String reference = in.string();
                            // One that is not set is absent in JSON and empty in protobuf.
                            if (!reference.isEmpty()) {
                              references.add(reference);
                            }
                          } else {
                            in.skip();
                          }
                        });
                  } else {
                    in.skip();
                  }
                }));
  }
}
