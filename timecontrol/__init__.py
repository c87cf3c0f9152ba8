"""What all parts of Employee Time Control share; it imports none of them."""
