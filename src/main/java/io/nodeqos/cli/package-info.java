// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
/** The command line. A command of several classes has a package of its own. */
package io.nodeqos.cli;
