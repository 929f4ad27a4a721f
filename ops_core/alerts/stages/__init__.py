"""The stages of the pipeline, one file each, all of the shape `Stage`; `pipeline.py` lists them."""
