"""Scanned pages and images: a raster as ruled cells and lines of text, each with how sure the recognition is.

In the order of the work: `raster` cleans and straightens the picture, `rules` finds the drawn rules and the cells between
them, `glyphs` cuts the print out of a cell, `recognise` reads it with models that ship in wheels, `decode` weighs the possible
readings, `page` puts a page together, `image` is the reader of image files. What does not belong here: the statutory tables,
and any choice between readings by what the figures mean.
"""
