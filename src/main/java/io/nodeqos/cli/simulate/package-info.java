// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** The command {@code simulate}: the controller and a fleet in virtual time. */
package io.nodeqos.cli.simulate;
