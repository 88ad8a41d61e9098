// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** The answers of HTTP: probes, views for operators, and the metrics that are read at a scrape. */
package io.nodeqos.app.view;
