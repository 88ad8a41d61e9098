// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.imports;

/**
 * A file to import.
 *
 * @param name the name for messages
 * @param text YAML or JSON, of one or more documents
 */
public record ImportFile(String name, String text) {}
