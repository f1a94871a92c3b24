"""A parcel becomes a package (卷宗); packages are verified."""
