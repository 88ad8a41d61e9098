// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * Changes of policies that are not applied yet: read from files, compared with the present ones.
 */
package io.nodeqos.preview.edit;
