"""Measuring any recommender against judged and real matches."""
