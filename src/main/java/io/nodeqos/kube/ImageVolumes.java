// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** Reads {@code volumes} of a pod's spec: the references of those that are images. */
final class ImageVolumes {
  private ImageVolumes() {}

  static Set<String> read(TolerantReader in) throws IOException {
    Set<String> references = new HashSet<>();
    in.array(
        () ->
            in.object(
                field -> {
                  if (field.equals("image")) {
                    in.object(
                        source -> {
                          if (source.equals("reference")) {
                            references.add(in.string());
                          } else {
                            in.skip();
                          }
                        });
                  } else {
                    in.skip();
                  }
                }));
    return references;
  }
}
