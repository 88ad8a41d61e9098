// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cluster;

import io.nodeqos.realapi.ProgramExtension;

/** Gives the tests of a class a {@link ControllerImage} as a parameter. */
final class ControllerImageExtension extends ProgramExtension<ControllerImage> {
  ControllerImageExtension() {
    super(ControllerImage.class, "image", "--no-build", crane -> ControllerImage.make());
  }
}
