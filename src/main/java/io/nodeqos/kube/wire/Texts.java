// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

/** Makes texts of bytes. */
interface Texts {
  /** The text of {@code bytes[from..to)}, which are UTF-8. */
  String text(byte[] bytes, int from, int to);
}
