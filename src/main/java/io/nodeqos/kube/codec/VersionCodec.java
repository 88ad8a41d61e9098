// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import io.nodeqos.kube.wire.TolerantReader;
import java.io.IOException;

/** Reads {@code metadata.resourceVersion} of any object and nothing else. */
public final class VersionCodec {
  private VersionCodec() {}

  /** Empty when there is none. */
  public static String read(TolerantReader in) throws IOException {
    String[] version = {""};
    in.object(
        field -> {
          if (field.equals("metadata")) {
            in.object(
                metaField -> {
                  if (metaField.equals("resourceVersion")) {
                    version[0] = in.string();
                  } else {
                    in.skip();
                  }
                });
          } else {
            in.skip();
          }
        });
    return version[0];
  }
}
