// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The stock informer over our lists and watches: a watch that resumes and backs off, the position
 * of a cache, and catching up with the API server.
 */
package io.nodeqos.kube.informer;
