// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** Dry runs: policies of the cluster that are planned again and again, and never written. */
package io.nodeqos.preview.dryrun;
