import './styles/index.css';
import { render } from 'preact';
import { App } from './app.js';
import { installKeys } from './shell/keys.js';

installKeys();
const place = document.getElementById('app');
if (place !== null) render(<App />, place);
