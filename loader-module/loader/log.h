/* SPDX-License-Identifier: GPL-2.0 */
/* Included before all else in each file: what the loader says has its name in front. */
#ifndef KLPL_LOG_H
#define KLPL_LOG_H

#define pr_fmt(fmt) "klp_loader: " fmt

#endif
