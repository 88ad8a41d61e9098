// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** The warnings about policies, one class each. */
package io.nodeqos.preview.warning;
