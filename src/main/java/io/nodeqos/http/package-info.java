// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * What the process answers over HTTP: probes and metrics on one listener, the snapshot and other
 * views for operators on a second that never leaves the machine. Everything shown comes from
 * suppliers that the package is given.
 */
package io.nodeqos.http;
