// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.warning;

import java.util.List;

/** One kind of warning: a pure function of a decided fleet. */
interface WarningRule {
  List<Warning> check(DecidedFleet fleet);
}
