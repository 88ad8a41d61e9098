// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** A cluster's inputs of all decisions in a file: written, redacted, and read back. */
package io.nodeqos.kube.dump;
