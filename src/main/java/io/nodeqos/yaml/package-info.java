// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
/** Reads texts in YAML that users write; each mistake is one sentence. */
package io.nodeqos.yaml;
