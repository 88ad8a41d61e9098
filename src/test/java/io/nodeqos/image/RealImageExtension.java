// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.image;

import io.nodeqos.realapi.ProgramExtension;

/** The work behind {@link RealImage}. */
final class RealImageExtension extends ProgramExtension<UnpackedImage> {
  RealImageExtension() {
    super(UnpackedImage.class, "image", "--no-build", crane -> UnpackedImage.make());
  }
}
