// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cluster;

import io.nodeqos.realapi.Command;
import io.nodeqos.realapi.Programs;
import java.nio.file.Path;
import java.util.List;

/**
 * The image of the jars in {@code target}.
 *
 * @param tar as {@code hack/image} writes it
 */
record ControllerImage(Path tar) {

  static ControllerImage make() {
    Path tar = Path.of("target", "cluster-image.tar");
    Command.run(List.of(Programs.script("image"), "--no-build", "--tar", tar.toString()), "")
        .succeeded();
    return new ControllerImage(tar);
  }
}
